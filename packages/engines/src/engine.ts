/** The name of an engine. */
export type EngineName = 'tensorflow-gpu' | 'tensorflow' | 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** What an engine is. */
export interface EngineInfo {
  /** One line. */
  readonly description: string;
  /** What is to be installed beside `@tensorflow/tfjs-core`; `webgpu` needs its second package under Node only. */
  readonly packages: readonly string[];
}

/** How things stand with an engine on this machine. */
export interface Availability {
  /** The engine's name. */
  readonly name: EngineName;
  /** Whether it is there. */
  readonly available: boolean;
  /** Why it is not; or, where it is, why `auto` passes it over: one sentence, with what can be done. */
  readonly reason?: string;
}

/** What is known of an engine before it is opened. */
export type Presence = Omit<Availability, 'name'>;

/** An engine, and how it is opened. */
export interface Engine extends EngineInfo {
  /** The backend's name in TensorFlow.js. */
  readonly backend: string;
  /** Looks, and changes nothing. */
  readonly presence: () => Promise<Presence>;
  /** Imports what registers the backend, and whatever it needs to train. */
  readonly load: () => Promise<unknown>;
}

/** Is there, and nothing is to be said against it. */
export const present: Presence = { available: true };

/** Is not there. */
export const absent = (reason: string): Presence => ({ available: false, reason });
