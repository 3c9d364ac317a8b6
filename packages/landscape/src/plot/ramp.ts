import { interpolateViridis } from 'd3-scale-chromatic';

/** The colour of a part of the loss axis: from dark to light, evenly to the eye, so that grey tells it as well. */
export const ramp = (part: number): string => interpolateViridis(Math.min(1, Math.max(0, part)));

/** The colour in which text is read on the ramp. */
export const inkOn = (part: number): string => (part < 0.55 ? '#ffffff' : '#101214');
