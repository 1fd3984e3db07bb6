export * from './lost';
export * from '../defection/notices';
export * from './standing';
