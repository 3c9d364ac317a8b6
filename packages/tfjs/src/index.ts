/** @packageDocumentation Sharpness-aware training for TensorFlow.js: one line around any tf.train optimizer. */
export {};
