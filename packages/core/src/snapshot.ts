import type { Stored } from './state.ts';
import type { StateShape } from './variant.ts';

/** Where a {@link Session} stands between two steps. Its leaves belong to whoever asked for it. */
export interface SessionSnapshot<T> extends Stored<T> {
  /** The variant's name. */
  readonly variant: string;
  /** Seed of the variant's random draws. */
  readonly seed: number;
  /** Steps committed. */
  readonly step: number;
  /** Steps skipped. */
  readonly skipped: number;
}

/** Where a base optimizer stands between two steps. Its leaves belong to whoever asked for it. */
export interface BaseSnapshot<T> extends Stored<T> {
  /** The base optimizer's name. */
  readonly name: string;
  /** Updates done. */
  readonly updates: number;
}

/** Where an {@link Optimizer} stands between two steps. Its leaves belong to whoever asked for it. */
export interface OptimizerState<T> extends SessionSnapshot<T> {
  /** The base optimizer's part. */
  readonly base: BaseSnapshot<T>;
}

/** What a snapshot is checked against: who is to go on from it. */
interface Heir {
  readonly name: string;
  readonly state: StateShape;
}

/**
 * Refuses the snapshot of another, and one that is not whole.
 *
 * @param begun whether entries that begin filled must be there: unless told, where any is
 * @throws RangeError naming whose it is, or the entry that is too much, or lacking
 */
export function checkSnapshot(
  { name, state: shape }: Heir,
  of: string,
  { state, resting }: Stored<unknown>,
  begun: boolean = Object.keys(state ?? {}).length > 0,
): void {
  if (of !== name) throw new RangeError(`${name}: the state is one of ${of}; restore one of ${name}.`);
  const found = Object.keys({ ...resting, ...state });
  const surplus = found.find((entry) => !Object.hasOwn(shape, entry));
  const lacking = Object.keys(shape).find((entry) => begun && shape[entry]!.fill !== undefined && !(entry in state));
  if (surplus === undefined && lacking === undefined) return;
  const trouble = surplus === undefined ? `lacks "${lacking}"` : `has an entry "${surplus}"`;
  const known = Object.keys(shape).join(', ') || 'none';
  throw new RangeError(`${name}: the state ${trouble}, and its entries are ${known}; was it saved by another version?`);
}
