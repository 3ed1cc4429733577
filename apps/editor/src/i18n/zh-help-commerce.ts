/** Help of the commerce operators and of their settings in Chinese, by the English text. */
export const zhHelpCommerce: { readonly [english: string]: string } = {};
