/** The text of `src/simd/modules.ts`, compiled from the sources in this folder. */
export function modulesFile(): Promise<string>;
