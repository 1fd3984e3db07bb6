import { refuse } from '../command/errors';

export const complaintNotFound = (complaintId: string) =>
  refuse('ComplaintNotFound', `complaint ${complaintId} is unknown`, { path: '/complaintId' });
