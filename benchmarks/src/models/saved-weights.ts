import type { LayersModel } from '@tensorflow/tfjs-layers';
import { deviceTensor, type HostTensor, hostTensor } from '../host-tensor.ts';

/** All weights of a network, BatchNorm's statistics too, by the layer's place and the weight's name: `3/gamma`. */
export type SavedWeights = Readonly<Record<string, HostTensor>>;

type Weight = LayersModel['weights'][number];

/** The weights as they are. */
export async function saveWeights(model: LayersModel): Promise<SavedWeights> {
  const all = named(model).map(async ([name, weight]) => [name, await hostTensor(weight.read())] as const);
  return Object.fromEntries(await Promise.all(all));
}

/** Gives a network the weights of another that was built like it. */
export function loadWeights(model: LayersModel, weights: SavedWeights): void {
  for (const [name, weight] of named(model)) {
    const tensor = deviceTensor(weights[name]!);
    weight.write(tensor);
    tensor.dispose();
  }
}

/** The names of TensorFlow.js will not do: they count the layers built before in the program. */
function named(model: LayersModel): (readonly [name: string, weight: Weight])[] {
  return model.layers.flatMap((layer, place) =>
    layer.weights.map((weight) => [`${place}/${weight.originalName.split('/').at(-1)}`, weight] as const),
  );
}
