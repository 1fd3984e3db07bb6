export * from './conversions';
export * from './evidence';
export * from './evolve';
export * from './fold';
export * from './judgement';
export { emptyEvidence, type MutableEvidence } from './mutable-evidence';
export * from './standing';
export * from './state';
