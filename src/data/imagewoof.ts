/**
 * Imagewoof v2 (160 px): ten breeds of dogs, all known, none of them in Imagenette. Pure data.
 *
 * For training a network, or its first layers, on other pictures than those it is tested on.
 * Imagenette's English springer, which the article leaves unseen, is a dog as well.
 *
 * Source: https://github.com/fastai/imagenette
 *
 * @module
 */
import type { ArchivedDataset } from "./catalogue_entry.ts";

const BREEDS = {
  n02086240: "Shih-Tzu",
  n02087394: "Rhodesian ridgeback",
  n02088364: "beagle",
  n02089973: "English foxhound",
  n02093754: "Border terrier",
  n02096294: "Australian terrier",
  n02099601: "golden retriever",
  n02105641: "Old English sheepdog",
  n02111889: "Samoyed",
  n02115641: "dingo",
};

/**
 * The data set. Its categories are WordNet synsets, the names of its folders.
 *
 * The archive unpacks to 12,954 pictures in 100 MB. Its MD5 is the one Catalyst checks.
 */
export const IMAGEWOOF: ArchivedDataset = {
  name: "imagewoof",
  title: "Imagewoof",
  groups: { known: Object.keys(BREEDS), unknown: [], unseen: [] },
  categoryNames: BREEDS,
  counts: {
    train: { known: 9025, unknown: 0, unseen: 0 },
    test: { known: 3929, unknown: 0, unseen: 0 },
  },
  variable: "IMAGEWOOF_DIR",
  archive: {
    url: "https://s3.amazonaws.com/fast-ai-imageclas/imagewoof2-160.tgz",
    bytes: 92_612_825,
    md5: "fcd23cc7dfce8837c95a8f9d63a128b7",
    folder: "imagewoof2-160",
    pictures: { train: 9025, val: 3929 },
    contentDigest: "cdbe7b41062bcc786aa6b72c47494e58cf490526c92413b3c0881f27a3519a93",
    limits: { entries: 20_000, bytes: 200_000_000 },
  },
};
