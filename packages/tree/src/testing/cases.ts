/** How many random cases a property is tried on: ten times as many in `npm run test:all`. */
export const cases = (few: number): { readonly numRuns: number } => ({
  numRuns: process.env['FLATMIN_TEST_ALL'] ? 10 * few : few,
});
