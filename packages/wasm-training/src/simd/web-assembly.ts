/** A memory of WebAssembly. */
export interface Memory {
  readonly buffer: ArrayBufferLike;
}

/** The functions of a module, which take addresses and sizes, and may return a number. */
export type Exports = Readonly<Record<string, (...numbers: number[]) => number>>;

/** As much of the global `WebAssembly` as is used here; TypeScript has it in the types of browsers only. */
export interface WebAssemblyGlobal {
  readonly Memory: new (descriptor: { initial: number; maximum?: number; shared?: boolean }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { env: { memory: Memory } }) => { readonly exports: Exports };
}

/** The global `WebAssembly`. */
export function webAssembly(): WebAssemblyGlobal {
  return (globalThis as unknown as { WebAssembly: WebAssemblyGlobal }).WebAssembly;
}
