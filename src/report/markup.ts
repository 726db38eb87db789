/** HTML that was made here, every value in it escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: nothing at all stands for null and false. */
export type Content = string | number | Markup | null | false | readonly Content[];

/** Makes HTML: ``html`<b>${name}</b>` ``. Values are text, whoever they come from, unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(String.raw({ raw: strings.map(normalized) }, ...values.map(textOf)));
}

/** For what was made here in another way than by `html`: a picture, a style sheet, a script. */
export function raw(text: string): Markup {
  return new Markup(text);
}

/** Data for a script of the page, as JSON that cannot end the element that it stands in. */
export function json(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll('<', String.raw`\u003c`));
}

function textOf(content: Content): string {
  if (content === null || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  return String(content).replaceAll(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** Templates are indented for those who read the code; browsers do not need that. */
function normalized(text: string): string {
  return text.replaceAll(/\n\s+/g, '\n');
}
