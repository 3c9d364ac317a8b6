import { CANNOT, EXACT, TOLERANCE, wayNames } from './problem.mjs';

/** What came of one engine: a row of the table for each way to train, or one row where there is nothing to tell of them. */
export function judge(engine, result, reference) {
  if (result.absent !== undefined)
    return [{ engine, verdict: 'not here', note: result.absent.replace(/^engine .* is not available: /, '') }];
  if (result.crash !== undefined) return [{ engine, verdict: 'failed', note: result.crash }];
  return wayNames.map((way) => ({ engine, way, ...judgeWay(engine, way, result.byWay[way], reference.byWay?.[way]) }));
}

function judgeWay(engine, way, outcome, reference) {
  if (outcome.error !== undefined) {
    const known = CANNOT.some((one) => one.engine === engine && one.ways.includes(way) && one.error === outcome.error);
    return { verdict: known ? 'cannot' : 'failed', note: outcome.error };
  }
  const { losses, after, repeats, seconds } = outcome;
  const deviation = reference?.after === undefined ? Number.NaN : relativeDistance(outcome, reference);
  const complaints = [
    // JSON has null for a number that is not finite.
    ![...losses, ...after].every(Number.isFinite) && 'a loss or a weight is no finite number',
    !(losses.at(-1) < losses[0]) && 'the loss does not fall',
    !(deviation <= TOLERANCE) && `the deviation is above ${TOLERANCE}`,
    EXACT.includes(engine) && !repeats && 'a repeat gives other bits',
  ].filter(Boolean);
  const verdict = complaints.length === 0 ? 'ok' : 'failed';
  return { verdict, deviation, repeats, seconds, note: complaints.join(', ') };
}

/** ‖w − w_cpu‖ / ‖w_cpu − w₀‖ */
function relativeDistance({ after }, reference) {
  return distance(after, reference.after) / distance(reference.after, reference.before);
}

const distance = (a, b) => Math.hypot(...a.map((x, i) => x - b[i]));
