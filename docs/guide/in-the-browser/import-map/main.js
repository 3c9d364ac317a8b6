import { registerTrainingKernels } from '@flatmin/wasm-training';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { train } from '../train.js';

setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
registerTrainingKernels();
await tf.setBackend('wasm');
console.log(await train());
