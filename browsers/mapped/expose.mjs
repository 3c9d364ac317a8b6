import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { expose } from '../inside/examine.mjs';

setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
expose();
