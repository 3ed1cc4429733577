/** Nodes added in this tab that have not been valid yet: drawn as drafts, not as faults. */
export const freshNodes = new Set<string>();
