import { useCallback, useEffect, useState } from 'react';

/** Loads something now, again every `every` ms when given, and on demand. What was loaded stays while it loads again or fails. */
export function useLoad<R>(
  load: () => Promise<R>,
  deps: readonly unknown[],
  every?: number,
): { data: R | undefined; failed: boolean; again: () => void } {
  const [data, setData] = useState<R>();
  const [failed, setFailed] = useState(false);
  const again = useCallback(() => {
    load().then(
      (found) => {
        setData(found);
        setFailed(false);
      },
      () => setFailed(true),
    );
    // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what it depends on
  }, deps);
  useEffect(() => {
    again();
    if (every === undefined) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), every);
    return () => clearInterval(timer);
  }, [again, every]);
  return { data, failed, again };
}
