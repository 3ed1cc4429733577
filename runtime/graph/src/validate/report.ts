import type { Finding } from '../document.js';
import { createSuggester } from '../suggest.js';

/** More findings than this help nobody; the rest is cut off and said so. */
const MAX_FINDINGS = 500;

export interface FindingInput {
  severity?: Finding['severity'];
  params?: Finding['params'];
  path: string;
  nodeId?: string;
  edgeId?: string;
  range?: NonNullable<Finding['range']>;
  fix?: NonNullable<Finding['fix']>;
}

/** Collects the findings of one validation. */
export class Report {
  readonly findings: Finding[] = [];
  /** Errors so far, those cut off included. */
  errors = 0;
  /** "Did you mean", within the bounds of one validation. */
  readonly suggest = createSuggester();

  add(code: string, { severity = 'error', params = {}, ...rest }: FindingInput): void {
    this.push({ code, severity, params, ...rest });
  }

  push(finding: Finding): void {
    if (finding.severity === 'error') this.errors++;
    if (this.findings.length < MAX_FINDINGS) this.findings.push(finding);
    else if (this.findings.length === MAX_FINDINGS) {
      this.findings.push({ code: 'FINDINGS_CUT', severity: 'warning', params: { limit: MAX_FINDINGS }, path: '' });
    }
  }

  get hasErrors(): boolean {
    return this.errors > 0;
  }
}
