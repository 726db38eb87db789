/** Looks a variable of Compose up; undefined where it has no value. */
export type LookUp = (name: string) => string | undefined;

const reference = /\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\})/g;

/**
 * A value of a Compose file with its variables filled in, as Compose does: `$NAME`, `${NAME}`, `${NAME:-default}` … and `$$`.
 * Null where one has no value. A default that has variables itself is not followed.
 */
export function interpolated(text: string, lookUp: LookUp): string | null {
  let isKnown = true;
  const filled = text.replaceAll(
    reference,
    (whole, plain?: string, name?: string, sign?: string, other = '') => {
      if (whole === '$$') return '$';
      const found = lookUp(plain ?? name ?? '');
      const value = valueOf(found, sign, other);
      isKnown &&= value !== undefined;
      return value ?? '';
    },
  );
  // What is left of it, a default with variables for one, was not understood.
  return isKnown && !/\$\{/.test(filled) ? filled : null;
}

function valueOf(found: string | undefined, sign: string | undefined, other: string): string | undefined {
  const isSet = found !== undefined && (found !== '' || sign?.startsWith(':') !== true);
  if (sign?.endsWith('+') === true) return isSet ? other : '';
  if (isSet) return found;
  return sign?.endsWith('-') === true ? other : undefined;
}
