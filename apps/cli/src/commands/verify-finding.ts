/** What one check of `verify` has found. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

export const finding = (check: string, ok: boolean, detail: string): Finding => ({ check, ok, detail });
