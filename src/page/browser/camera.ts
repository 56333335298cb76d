/**
 * Live classification of the camera's frames.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Classifier } from "./classifier.ts";
import { byId, element, messageOf } from "./elements.ts";
import { pixelsOf } from "./pixels.ts";

/** The period over which frames per second are counted. */
const COUNTED_MILLISECONDS = 2000;

/** Explanations of browsers' errors, by name of the error. */
const REASONS: Readonly<Record<string, string>> = {
  NotAllowedError: "the browser was not allowed to use it",
  NotFoundError: "there is none",
  NotReadableError: "another program uses it",
  OverconstrainedError: "it is no longer connected",
};

/** Listeners to the camera's events. */
export interface CameraListeners {
  /** The camera has started; the first frame is still to come. */
  readonly onStart: () => void;
  /** The camera has stopped after running. */
  readonly onStop: () => void;
  /** A frame has been classified. */
  readonly onScores: (scores: readonly number[]) => void;
}

/** Classifies the frames of a camera, as fast as the engine can. */
export class Camera {
  readonly #video = byId<HTMLVideoElement>("video");
  readonly #toggle = byId<HTMLButtonElement>("camera-toggle");
  readonly #choice = byId<HTMLSelectElement>("camera-choice");
  readonly #status = byId("camera-status");
  #stream: MediaStream | undefined;

  constructor(
    private readonly classifier: Promise<Classifier>,
    private readonly listeners: CameraListeners,
  ) {
    this.#toggle.addEventListener("click", () => {
      if (this.#stream === undefined) void this.#start();
      else this.stop();
    });
    this.#choice.addEventListener("change", () => {
      this.stop();
      void this.#start(this.#choice.value);
    });
  }

  /** Ends the stream, which also turns off the camera's light. */
  stop(): void {
    if (this.#stream === undefined) return;
    for (const track of this.#stream.getTracks()) track.stop();
    this.#stream = undefined;
    this.#video.srcObject = null;
    this.#showState("");
    this.listeners.onStop();
  }

  async #start(deviceId?: string): Promise<void> {
    // Undefined on pages loaded over http, whatever the types say.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) {
      this.#showState("No camera: browsers allow it only for local files and https pages.");
      return;
    }
    this.#toggle.disabled = true;
    try {
      const video = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "environment" };
      const stream = await devices.getUserMedia({ video, audio: false });
      this.#stream = stream;
      stream.getVideoTracks()[0]!.addEventListener("ended", () => this.stop());
      this.#video.srcObject = stream;
      await this.#video.play();
      await this.#listCameras(devices, stream);
      this.listeners.onStart();
      this.#showState("starting");
      void this.#classifyFrames(stream);
    } catch (error) {
      this.stop();
      const name = error instanceof Error ? error.name : "";
      this.#showState(`No camera: ${REASONS[name] ?? messageOf(error)}.`);
    } finally {
      this.#toggle.disabled = false;
    }
  }

  async #classifyFrames(stream: MediaStream): Promise<void> {
    const classifier = await this.classifier;
    const times: number[] = [];
    while (this.#stream === stream) {
      await nextFrame(this.#video);
      if (this.#stream !== stream) return;
      const { videoWidth, videoHeight } = this.#video;
      if (videoWidth === 0) continue;
      const scores = await classifier.scores(pixelsOf(this.#video, videoWidth, videoHeight));
      if (this.#stream !== stream) return;
      this.listeners.onScores(scores);
      const now = performance.now();
      times.push(now);
      while (times[0]! < now - COUNTED_MILLISECONDS) times.shift();
      if (times.length < 2) continue;
      const framesPerSecond = (times.length - 1) * 1000 / (now - times[0]!);
      this.#status.textContent = `${framesPerSecond.toFixed(1)} frames per second`;
    }
  }

  /** Lists the cameras; browsers reveal their names only after one is allowed. */
  async #listCameras(devices: MediaDevices, stream: MediaStream): Promise<void> {
    const cameras = (await devices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
    const current = stream.getVideoTracks()[0]!.getSettings().deviceId;
    this.#choice.replaceChildren(...cameras.map(({ deviceId, label }, index) => {
      const option = element("option", { text: label || `camera ${index + 1}` });
      option.value = deviceId;
      option.selected = deviceId === current;
      return option;
    }));
    this.#choice.disabled = cameras.length === 0;
  }

  #showState(status: string): void {
    const isRunning = this.#stream !== undefined;
    this.#toggle.textContent = isRunning ? "Stop the camera" : "Start the camera";
    this.#status.textContent = status;
  }
}

/**
 * Waits for the video's next frame, or for one frame's time in browsers that do not report frames.
 */
function nextFrame(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    const done = () => resolve();
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(done);
    else setTimeout(done, 33);
  });
}
