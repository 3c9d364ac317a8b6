import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { randomValues, type Values } from './run-kernel.ts';

type Shape4D = [number, number, number, number];

/** A convolution or pooling of random geometry. */
export interface Case {
  readonly inputShape: Shape4D;
  readonly filterShape: Shape4D;
  readonly outShape: Shape4D;
  readonly attributes: {
    readonly strides: [number, number];
    readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
    readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
    readonly dataFormat: 'NHWC';
    readonly dilations: 1;
  };
  /** What the output is made of. */
  readonly info: tf.backend_util.Conv2DInfo;
  readonly seed: number;
}

const side = fc.integer({ min: 0, max: 3 });
const explicit = fc.tuple(side, side, side, side).map(
  ([top, bottom, left, right]): tf.backend_util.ExplicitPadding => [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ],
);
const padding = fc.oneof(fc.constantFrom('same' as const, 'valid' as const), side, explicit);
const upTo = (max: number) => fc.integer({ min: 1, max });

/** Geometries of all paddings and roundings; the filter's last size is the channels out, or the multiplier. */
export function cases(limits: { depthwise: boolean; lastSize: number }): fc.Arbitrary<Case> {
  return fc
    .record({
      batch: upTo(5),
      size: fc.tuple(upTo(9), upTo(9)),
      channels: upTo(8),
      filter: fc.tuple(upTo(5), upTo(5)),
      lastSize: upTo(limits.lastSize),
      strides: fc.tuple(upTo(3), upTo(3)),
      pad: padding,
      rounding: fc.constantFrom(undefined, 'floor' as const, 'round' as const, 'ceil' as const),
      seed: fc.integer({ min: 1, max: 1e6 }),
    })
    .map(({ batch, size, channels, filter, lastSize, strides, pad, rounding, seed }) => {
      const inputShape: Shape4D = [batch, ...size, channels];
      const filterShape: Shape4D = [...filter, channels, lastSize];
      const dimRoundingMode = typeof pad === 'string' ? {} : rounding && { dimRoundingMode: rounding };
      const attributes: Case['attributes'] = { strides, pad, dataFormat: 'NHWC', dilations: 1, ...dimRoundingMode };
      const info = tf.backend_util.computeConv2DInfo(
        inputShape,
        filterShape,
        strides,
        1,
        pad,
        attributes.dimRoundingMode,
        limits.depthwise,
      );
      return { inputShape, filterShape, outShape: info.outShape as Shape4D, attributes, info, seed };
    })
    .filter(({ outShape }) => Math.min(...outShape) > 0);
}

/** The operands of a case, and the attributes that its gradient kernels take. */
export interface SetUp {
  readonly x: Values;
  readonly filter: Values;
  readonly dy: Values;
  readonly attributes: Case['attributes'] & Pick<Case, 'inputShape' | 'filterShape'>;
}

/** Fills a case with random values, the same for the same case. */
export const setUp = ({ attributes, inputShape, filterShape, outShape, seed }: Case): SetUp => ({
  x: randomValues(inputShape, seed),
  filter: randomValues(filterShape, seed + 1),
  dy: randomValues(outShape, seed + 2),
  attributes: { ...attributes, inputShape, filterShape },
});
