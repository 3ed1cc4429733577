import {
  IconAbc, IconActivity, IconAdjustments, IconAlertTriangle, IconApi, IconChartHistogram, IconColorPicker, IconCopyOff, IconEdit, IconEyeOff, IconLink, IconSortAscending, IconTableImport, IconTableShortcut, IconArrowsJoin2, IconArrowMerge, IconArrowsShuffle, IconArrowsSort, IconArrowsSplit2, IconBasket, IconBell, IconBellRinging,
  IconBolt, IconBox, IconBraces, IconBrandDatabricks, IconBuildingStore, IconBuildingWarehouse, IconCalendar, IconCalendarStats, IconCash, IconChartBar, IconChartLine, IconClick, IconClock,
  IconClockPause, IconCloudDownload, IconCloudUpload, IconCoin, IconCopyCheck, IconCreditCard, IconCreditCardRefund, IconDatabase, IconDeviceDesktopAnalytics, IconEyeCheck, IconFile,
  IconFileExport, IconFileImport, IconFileText, IconFilter, IconForms, IconGauge, IconGeometry, IconGift, IconGitBranch, IconGitMerge, IconHash, IconHeartbeat, IconHistory, IconHourglass, IconJson, IconKey,
  IconList, IconListDetails, IconMail, IconMap, IconMathFunction, IconMessage, IconPackage, IconPlayerTrackNext, IconPlugConnected, IconPrinter, IconPuzzle, IconReceipt, IconRefresh, IconRobot, IconRoute, IconRss, IconScale, IconSend,
  IconServer, IconShieldLock, IconShieldQuestion, IconShoppingCart, IconSum, IconSortDescending, IconStack2, IconStar, IconTable, IconTag, IconTerminal2, IconThumbUp, IconToggleLeft, IconTransform,
  IconTrendingUp, IconTrophy, IconTruck, IconTruckReturn, IconUser, IconUsers, IconWand, IconWaveSine, IconWebhook, IconWorld,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Category, FieldType } from '../api/types.js';

type Icon = ComponentType<{ size?: number | string; stroke?: number | string; className?: string }>;

/** Icons an operator may name in its `docs.icon`, by Tabler name. Others get the icon of their category. */
const BY_NAME: { [name: string]: Icon } = {
  abc: IconAbc, api: IconApi, edit: IconEdit, 'chart-histogram': IconChartHistogram, 'color-picker': IconColorPicker, 'copy-off': IconCopyOff, 'eye-off': IconEyeOff, link: IconLink, 'sort-ascending': IconSortAscending, 'table-import': IconTableImport, 'table-shortcut': IconTableShortcut, activity: IconActivity, adjustments: IconAdjustments, 'alert-triangle': IconAlertTriangle, 'arrows-join-2': IconArrowsJoin2, 'arrows-join': IconArrowsJoin2, 'arrows-merge': IconArrowMerge,
  'arrows-shuffle': IconArrowsShuffle, 'arrows-sort': IconArrowsSort, 'arrows-split-2': IconArrowsSplit2, 'arrows-split': IconArrowsSplit2, basket: IconBasket, bell: IconBell, 'bell-ringing': IconBellRinging, bolt: IconBolt, box: IconBox,
  braces: IconBraces, 'building-store': IconBuildingStore, 'building-warehouse': IconBuildingWarehouse, calendar: IconCalendar, 'calendar-stats': IconCalendarStats, cash: IconCash, 'chart-bar': IconChartBar,
  'chart-line': IconChartLine, click: IconClick, clock: IconClock, 'clock-pause': IconClockPause, 'cloud-download': IconCloudDownload, 'cloud-upload': IconCloudUpload, coin: IconCoin, 'copy-check': IconCopyCheck,
  'credit-card': IconCreditCard, 'credit-card-refund': IconCreditCardRefund, database: IconDatabase, 'device-desktop-analytics': IconDeviceDesktopAnalytics, 'eye-check': IconEyeCheck, file: IconFile, 'file-export': IconFileExport,
  'file-import': IconFileImport, 'file-text': IconFileText, filter: IconFilter, forms: IconForms, gauge: IconGauge, geometry: IconGeometry, gift: IconGift, 'git-branch': IconGitBranch, 'git-merge': IconGitMerge, hash: IconHash, heartbeat: IconHeartbeat,
  history: IconHistory, hourglass: IconHourglass, json: IconJson, key: IconKey, list: IconList, 'list-details': IconListDetails, mail: IconMail, map: IconMap, 'math-function': IconMathFunction, message: IconMessage, package: IconPackage,
  'player-track-next': IconPlayerTrackNext, 'plug-connected': IconPlugConnected, printer: IconPrinter, puzzle: IconPuzzle, receipt: IconReceipt, refresh: IconRefresh, robot: IconRobot, route: IconRoute, rss: IconRss, scale: IconScale, send: IconSend, server: IconServer,
  'shield-lock': IconShieldLock, 'shield-question': IconShieldQuestion, 'shopping-cart': IconShoppingCart, sigma: IconSum, sum: IconSum, 'sort-descending': IconSortDescending, 'stack-2': IconStack2, star: IconStar, table: IconTable, tag: IconTag,
  terminal: IconTerminal2, 'terminal-2': IconTerminal2, 'thumb-up': IconThumbUp, 'toggle-left': IconToggleLeft, transform: IconTransform, 'trending-up': IconTrendingUp, trophy: IconTrophy, truck: IconTruck, 'truck-return': IconTruckReturn, user: IconUser,
  users: IconUsers, wand: IconWand, 'wave-sine': IconWaveSine, webhook: IconWebhook, world: IconWorld, stream: IconBrandDatabricks,
};
const BY_CATEGORY: { [category in Category]: Icon } = { source: IconRss, shape: IconFilter, combine: IconArrowsJoin2, commerce: IconPackage, predict: IconTrendingUp, sink: IconSend };

export function OperatorIcon({ name, category, size }: { name?: string | undefined; category: Category; size: number }) {
  const Found = (name && BY_NAME[name]) || BY_CATEGORY[category] || IconPuzzle;
  return <Found size={size} stroke={size <= 14 ? 2 : 1.75} />;
}

/** Icon tile in the colour of a category; the only place where that colour appears. */
export function Tile({ name, category, size = 28 }: { name?: string | undefined; category: Category; size?: number }) {
  return (
    <span className={`tile cat-${category}`} style={{ width: size, height: size, borderRadius: size >= 32 ? 8 : size >= 28 ? 7 : 6 }} aria-hidden>
      <OperatorIcon name={name} category={category} size={Math.round(size * 0.61)} />
    </span>
  );
}

const FIELD_ICONS: { [type in FieldType]: Icon } = { text: IconAbc, number: IconHash, boolean: IconToggleLeft, time: IconCalendar, list: IconList, object: IconBraces, any: IconGeometry };
export function FieldIcon({ type, size = 13 }: { type: FieldType; size?: number }) {
  const Found = FIELD_ICONS[type] ?? IconGeometry;
  return <Found size={size} />;
}
