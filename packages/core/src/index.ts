/** @packageDocumentation A generic two-step perturbation optimizer: variants ask for gradients, a host answers. */
export {};
