import { recordUpdates, updateSchematic, valley } from '@flatmin/landscape/plot';
import { sam } from '@flatmin/sam';

/** One update of SAM on a valley that is sharp at one end and flat at the other. */
export function updateFigure(): string {
  const recorded = recordUpdates(valley, { variant: sam({ rho: 0.5 }), learningRate: 0.3, start: [0.2, 0.5] });
  return updateSchematic(valley, { ...recorded, variant: 'SAM' });
}
