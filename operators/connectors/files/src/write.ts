export const write = undefined as never;
