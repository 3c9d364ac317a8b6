/** @packageDocumentation Backend-agnostic parameter trees: nested records and arrays of leaves, and the algebra of a backend's leaves. */
export {};
