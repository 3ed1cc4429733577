import { IconArrowDown, IconArrowLeft, IconArrowUp } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { ApiError, api } from '../api/client.js';
import { live } from '../api/live.js';
import type { ViewPage as Page, Value } from '../api/types.js';
import { clock, full } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { Shell } from './Shell.js';

const LIMIT = 200;
/** A view that changes often is read again at most this often, ms. */
const PACE = 1000;

function show(value: Value, locale: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return full(value, locale);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A live table of a view. Sorted by the server; a changed row lights up for a moment. */
export function ViewPage({ name }: { name: string }) {
  const { t, locale } = useT();
  const [page, setPage] = useState<Page>();
  const [failed, setFailed] = useState<ApiError>();
  const [sort, setSort] = useState<{ field: string; desc: boolean }>();
  const before = useRef<ReadonlyMap<string, string>>(new Map());
  const wanted = useRef<() => void>(() => undefined);
  useEffect(() => {
    let gone = false;
    let loading = false;
    let due = false;
    const load = async () => {
      if (loading) {
        due = true;
        return;
      }
      loading = true;
      try {
        const found = await api.view(name, {
          limit: LIMIT,
          ...(sort ? { sort: sort.field, ...(sort.desc ? { desc: 1 as const } : {}) } : {}),
        });
        if (gone) return;
        setPage((old) => {
          before.current = new Map((old?.rows ?? []).map((row) => [rowKey(row, columnsOf(old!)), JSON.stringify(row)]));
          return found;
        });
        setFailed(undefined);
      } catch (thrown) {
        if (!gone && thrown instanceof ApiError) setFailed(thrown);
      }
      setTimeout(() => {
        loading = false;
        if (due && !gone) {
          due = false;
          void load();
        }
      }, PACE);
    };
    wanted.current = () => void load();
    void load();
    // The server says when a view changed; the slow poll covers a lost link.
    const stop = live.listen((message) => message.type === 'view' && message.name === name && wanted.current());
    const timer = setInterval(() => void load(), 2000);
    return () => {
      gone = true;
      stop();
      clearInterval(timer);
    };
  }, [name, sort]);
  const columns = page ? columnsOf(page) : [];
  const numeric = new Set(columns.filter((column) => page?.rows.some((row) => typeof row[column] === 'number')));
  return (
    <Shell>
      <header className="page-head">
        <div className="grow">
          <Link href="/views" className="t12 row g4 pri">
            <IconArrowLeft size={13} />
            {t('nav.views')}
          </Link>
          <h1 className="t20 b">{page?.title || name}</h1>
        </div>
        {page && (
          <span className="t12 i3" role="status">
            {page.updatedAt ? t('view.updated', { time: clock(page.updatedAt, locale) }) : ''} ·{' '}
            {t('view.rows', { count: page.rows.length, n: full(page.rows.length, locale) })}
          </span>
        )}
      </header>
      {failed && <p className="banner bad">{failed.status === 404 ? t('view.missing') : failed.message}</p>}
      <section className="box view-box">
        {!page && !failed && <div className="skeleton" style={{ height: 200, margin: 16 }} />}
        {page?.rows.length === 0 && <p className="i2 pad">{t('view.empty')}</p>}
        {page && page.rows.length > 0 && (
          <table className="table roomy">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th
                    key={column}
                    className={numeric.has(column) ? 'r' : ''}
                    aria-sort={sort?.field === column ? (sort.desc ? 'descending' : 'ascending') : 'none'}
                  >
                    <button
                      type="button"
                      className="sort"
                      onClick={() =>
                        setSort((now) =>
                          now?.field === column
                            ? { field: column, desc: !now.desc }
                            : { field: column, desc: numeric.has(column) },
                        )
                      }
                    >
                      {titleOf(page, column)}
                      {sort?.field === column && (sort.desc ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />)}
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {page.rows.map((row) => {
                const key = rowKey(row, columns);
                const text = JSON.stringify(row);
                const was = before.current.get(key);
                return (
                  <tr key={key} className={before.current.size > 0 && was !== text ? 'fresh' : ''}>
                    {columns.map((column) => (
                      <td key={column} className={numeric.has(column) ? 'r' : ''}>
                        {show(row[column], locale)}
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </section>
    </Shell>
  );
}

function columnsOf(page: Page): string[] {
  const named = page.columns.map((column) => (typeof column === 'string' ? column : column.name));
  return named.length > 0 ? named : [...new Set(page.rows.flatMap((row) => Object.keys(row ?? {})))];
}
function titleOf(page: Page, name: string): string {
  const column = page.columns.find((one) => (typeof one === 'string' ? one : one.name) === name);
  return typeof column === 'object' && column.title ? column.title : name;
}
/** Rows are told apart by their texts: numbers are what changes. */
function rowKey(row: Value, columns: readonly string[]): string {
  const texts = columns
    .map((column) => row?.[column])
    .filter((value) => typeof value === 'string' || typeof value === 'boolean');
  return texts.length > 0 ? texts.join('\u0000') : JSON.stringify(row);
}
