export * from './wire-log';
export { wireLogOver, type WireLogOptions } from './wire-log-over';
