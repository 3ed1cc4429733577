import { useSyncExternalStore } from 'react';
import type { MetricsSample } from '../api/types.js';
import { metrics } from '../store/metrics.js';

/** The newest sample; renders once a sample. For the few panels outside of the canvas. */
export const useSample = (): MetricsSample | undefined => useSyncExternalStore(metrics.onSample, () => metrics.latest);
