import type { LayersModel } from '@tensorflow/tfjs-layers';
import { conv4 } from '../models/conv4.ts';
import { mlp } from '../models/mlp.ts';
import { type ModelInput, models } from '../models/model.ts';

/** A network by name; those of any width and depth too: `conv4-24`, `mlp-20x64` (20 hidden layers of 64). */
export function stepModel(name: string, input: ModelInput): LayersModel {
  const known = models.get(name);
  if (known) return known.build(input);
  const [, width] = /^conv4-(\d+)$/.exec(name) ?? [];
  if (width) return conv4({ width: Number(width) }, input);
  const [, layers, units] = /^mlp-(\d+)x(\d+)$/.exec(name) ?? [];
  if (layers && units) return mlp({ layers: Number(layers), width: Number(units) }, input);
  throw new Error(`there is no network ${name}`);
}
