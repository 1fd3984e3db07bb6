export * from './cloud-event';
export { showExact } from './exact';
export type { Figure } from './figures';
export { formatReport } from './format-report';
export { openNdjson } from './ndjson';
export { openOnlineRetail } from './online-retail';
export * from './source';
export { openSuperstore, superstorePath } from './superstore';
export type { UnmappedClass } from './unmapped';
