export * from './log/wire-log';
