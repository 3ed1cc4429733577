import { translate } from '../i18n/index.js';
import { toast } from './toast.js';

export async function clipboardText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(translate('toast.copied'));
  } catch {
    toast(translate('toast.copyRefused'), { tone: 'bad' });
  }
}
