/** Help of the connectors and of their settings in Chinese, by the English text. */
export const zhHelpConnectors: { readonly [english: string]: string } = {};
