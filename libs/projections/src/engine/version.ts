/**
 * The version of what projections store. A read-model file of another version is built again from
 * the log: change it with every change of a rule, of a row or of the fold.
 */
export const PROJECTIONS_VERSION = '12';
