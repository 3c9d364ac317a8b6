/** Of jstat what is used here; it brings no types. */
declare module 'jstat' {
  const jstat: {
    /** The x that makes ‖Ax − b‖ least. */
    lstsq(A: readonly (readonly number[])[], b: readonly number[]): number[];
    readonly studentt: { inv(p: number, degreesOfFreedom: number): number };
  };
  export default jstat;
}
