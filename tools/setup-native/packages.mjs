// What can be set up. `tryOut` runs in the repository's root and prints 3. `addon`: how the package's own script is called, and
// the Python package with TensorFlow's C library that is built against where that script cannot download.

/** Adds on the addon's backend. Node 23 removed a function that the addon calls. */
const addition = (name) => `
  import util from 'node:util';
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const tf = await import('@tensorflow/tfjs-core');
  await import('${name}');
  if (tf.getBackend() !== 'tensorflow') throw new Error('it uses another copy of @tensorflow/tfjs-core');
  console.log(tf.add(1, 2).dataSync()[0]);
`;

export const packages = {
  tensorflow: {
    name: '@tensorflow/tfjs-node',
    version: '4.22.0',
    addon: { args: [], wheel: { name: 'tensorflow-cpu', version: '2.21.0' } },
    tryOut: addition('@tensorflow/tfjs-node'),
  },
  tensorflowGpu: {
    name: '@tensorflow/tfjs-node-gpu',
    version: '4.22.0',
    addon: { args: ['gpu', 'download'] },
    tryOut: addition('@tensorflow/tfjs-node-gpu'),
  },
  webgpu: {
    name: 'webgpu',
    version: '0.6.2',
    // Whether there is a driver is another question.
    tryOut: `
      const { create } = await import('webgpu');
      console.log(typeof create([]).requestAdapter === 'function' ? 3 : 'no requestAdapter');
    `,
  },
};
