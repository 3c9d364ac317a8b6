/** @packageDocumentation Sharpness-Aware Minimization (SAM) as a small pure procedure. */
export {};
