/** The projections have not taken in what is in the log within their time: nothing can be decided now. */
export class ProjectionsBehindError extends Error {
  override readonly name = 'ProjectionsBehindError';
}
