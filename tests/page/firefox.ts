/**
 * Pages in Debian's Firefox, without a window. Playwright drives no Firefox but its own, so this is
 * the protocol itself that browsers share, WebDriver BiDi, over a socket.
 *
 * @module
 */
import { extname, join, toFileUrl } from "@std/path";
import { isFile } from "../../src/files/path_kind.ts";

/** Where Firefox is, if it is on this machine. */
export const FIREFOX: string | undefined = [
  Deno.env.get("FIREFOX") ?? "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
].find(isFile);

if (FIREFOX === undefined) {
  console.warn(
    "no Firefox here (apt-get install firefox-esr): tests of the page in it are skipped",
  );
}

/** A camera that is only imitated, and that pages need not ask for. */
const PREFERENCES = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
};

/** How long a page may take to do something. */
const PATIENCE_MILLISECONDS = 120_000;

/** Does something with a page, opened from its file in a new Firefox. */
export async function withFirefox(
  file: string,
  work: (page: FirefoxPage) => Promise<void>,
): Promise<void> {
  const profile = await Deno.makeTempDir();
  try {
    const preferences = Object.entries(PREFERENCES)
      .map(([name, value]) => `user_pref("${name}", ${value});\n`);
    await Deno.writeTextFile(join(profile, "user.js"), preferences.join(""));
    const options = ["--headless", "--no-remote", "--remote-debugging-port=0"];
    const firefox = new Deno.Command(FIREFOX!, {
      args: [...options, "--profile", profile],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const page = new FirefoxPage(await connected(await addressIn(firefox.stderr)));
    try {
      await page.open(file);
      await work(page);
    } finally {
      await page.close();
      await firefox.status;
    }
  } finally {
    await Deno.remove(profile, { recursive: true });
  }
}

/** The address that Firefox says it listens at; all else it says is passed over. */
async function addressIn(stderr: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const address = Promise.withResolvers<string>();
  void (async () => {
    let said = "";
    for await (const text of stderr.pipeThrough(new TextDecoderStream())) {
      said += text;
      const [, found] = /WebDriver BiDi listening on (ws:\S+)\n/.exec(said) ?? [];
      if (found !== undefined) address.resolve(found);
    }
    address.reject(new Error(`Firefox does not start: ${said}`));
  })();
  return await address.promise;
}

async function connected(address: string): Promise<WebSocket> {
  const socket = new WebSocket(`${address}/session`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return socket;
}

/** The only page of a Firefox. */
export class FirefoxPage {
  /** What a page must not do: errors, warnings, requests. */
  readonly faults: string[] = [];
  readonly #answers = new Map<number, PromiseWithResolvers<Answer>>();
  #context = "";

  constructor(private readonly socket: WebSocket) {
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
  }

  /** Opens the page from its file, and waits until its network is open. */
  async open(file: string): Promise<void> {
    await this.#send("session.new", { capabilities: {} });
    const { contexts: [context] } = await this.#send("browsingContext.getTree", {});
    this.#context = context.context;
    const events = ["log.entryAdded", "network.beforeRequestSent"];
    await this.#send("session.subscribe", { events });
    const url = toFileUrl(file).href;
    await this.#send("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
    await this.until("document.documentElement.dataset.engine !== undefined");
    // What opened the page is no fault.
    const own = this.faults.indexOf(`asks for ${url}`);
    if (own >= 0) this.faults.splice(own, 1);
  }

  /** The value of an expression as JSON knows it; null for what it does not. */
  async evaluate<T>(expression: string): Promise<T> {
    const { type, result, exceptionDetails } = await this.#send("script.evaluate", {
      expression: `Promise.resolve(${expression}).then(JSON.stringify)`,
      target: { context: this.#context },
      awaitPromise: true,
    });
    if (type !== "success") throw new Error(`${expression}: ${exceptionDetails.text}`);
    return JSON.parse(result.value ?? "null");
  }

  /** Waits until an expression is true. */
  async until(expression: string): Promise<void> {
    const begin = performance.now();
    while (!await this.evaluate<boolean>(expression)) {
      if (performance.now() - begin > PATIENCE_MILLISECONDS) {
        throw new Error(`never is ${expression}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** What the page's own `classify` says of files, in their order. */
  async classifyFiles(
    paths: readonly string[],
  ): Promise<{ label: string; scores: Record<string, number> }[]> {
    const answers = [];
    for (const path of paths) {
      const bytes = `Uint8Array.fromBase64("${(await Deno.readFile(path)).toBase64()}")`;
      const type = `image/${extname(path).slice(1).replace("jpg", "jpeg")}`;
      const file = `new Blob([${bytes}], { type: "${type}" })`;
      answers.push(
        await this.evaluate<{ label: string; scores: Record<string, number> }>(`classify(${file})`),
      );
    }
    return answers;
  }

  /** Ends Firefox. */
  async close(): Promise<void> {
    await this.#send("browser.close", {});
    this.socket.close();
  }

  #send(method: string, params: object): Promise<Answer> {
    const id = this.#answers.size;
    const answer = Promise.withResolvers<Answer>();
    this.#answers.set(id, answer);
    this.socket.send(JSON.stringify({ id, method, params }));
    return answer.promise;
  }

  #take({ type, id, method, params, ...message }: Answer): void {
    if (type === "success") this.#answers.get(id)!.resolve(message.result);
    else if (type === "error") this.#answers.get(id)!.reject(new Error(message.message));
    else if (method === "network.beforeRequestSent") {
      this.faults.push(`asks for ${params.request.url}`);
    } else if (["error", "warn"].includes(params.level)) this.faults.push(params.text);
  }
}

/** Whatever Firefox answers; its protocol's own types are a package. */
// deno-lint-ignore no-explicit-any
type Answer = any;
