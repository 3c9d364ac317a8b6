// A worker of the tests: a small convolutional network on TensorFlow.js, with BatchNorm and dropout where they are asked for.
import { replica } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { serve } from '../worker.ts';
import { buildNet, type ImagePart, lossesOf, type NetOptions, tensorsOf } from './conv-net.ts';

serve<ImagePart & { readonly end?: boolean }>(async ({ data }) => {
  const options = data as NetOptions;
  await tf.setBackend(options.backend);
  const net = buildNet(options);
  return replica<ImagePart & { readonly end?: boolean }>({
    batch: (part) => {
      if (part.end) process.exit(5);
      return tensorsOf(part);
    },
    losses: lossesOf(net),
  });
});
