/**
 * Imagenette v2 (160 px) as the article split it: ten ImageNet categories in three groups. Pure
 * data.
 *
 * Source: https://github.com/fastai/imagenette
 *
 * @module
 */
import { ARTICLE_GROUPS } from "../article/groups.ts";
import type { ArchivedDataset } from "./catalogue_entry.ts";

/**
 * The data set. Its categories are WordNet synsets, the names of its folders.
 *
 * The archive unpacks to 13,394 pictures in 107 MB. Its MD5 is the one torchvision checks, its size
 * the one in TensorFlow Datasets' `imagenette/checksums.tsv`.
 */
export const IMAGENETTE: ArchivedDataset = {
  name: "imagenette",
  title: "Imagenette",
  groups: ARTICLE_GROUPS,
  categoryNames: {
    n01440764: "tench",
    n02102040: "English springer",
    n02979186: "cassette player",
    n03000684: "chain saw",
    n03028079: "church",
    n03394916: "French horn",
    n03417042: "garbage truck",
    n03425413: "gas pump",
    n03445777: "golf ball",
    n03888257: "parachute",
  },
  counts: {
    train: { known: 3861, unknown: 2864, unseen: 0 },
    test: { known: 1539, unknown: 1186, unseen: 1200 },
  },
  variable: "IMAGENETTE_DIR",
  archive: {
    url: "https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz",
    bytes: 99_003_388,
    md5: "e793b78cc4c9e9a4ccc0c1155377a412",
    folder: "imagenette2-160",
    pictures: { train: 9469, val: 3925 },
    contentDigest: "460b6dfdd190a58e3afaf00c1117cc385e7654df38594449533a4053a17e44ef",
    limits: { entries: 20_000, bytes: 200_000_000 },
  },
};
