// Logistic regression, by hand: no engine is bundled.
import { serve } from '@flatmin/parallel/worker';

serve(() => ({
  weights: { kernel: new Float32Array(16), bias: new Float32Array(1) },
  evaluate({ kernel, bias }, { part: { xs, labels, hang } }) {
    if (hang) for (;;);
    const gradient = { kernel: new Float32Array(16), bias: new Float32Array(1) };
    const samples = labels.length;
    let loss = 0;
    for (const [i, label] of labels.entries()) {
      const x = xs.subarray(16 * i, 16 * i + 16);
      const logit = x.reduce((sum, value, j) => sum + value * kernel[j], bias[0]);
      const probability = 1 / (1 + Math.exp(-logit));
      loss -= Math.log(label === 1 ? probability : 1 - probability) / samples;
      for (const [j, value] of x.entries()) gradient.kernel[j] += ((probability - label) * value) / samples;
      gradient.bias[0] += (probability - label) / samples;
    }
    return { loss, gradient, samples };
  },
}));
