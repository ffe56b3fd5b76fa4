import type { Browser, Page } from '@chorus/dev/browser';

/** How long the page may take to show what is waited for. */
const TIMEOUT_MS = 20_000;

interface Editors {
  'operation.graphql': string;
  'variables.json': string;
  'request-headers.json': string;
}

/** GraphiQL's own handle on its editors. */
interface MonacoModel {
  uri: { path: string };
  getValue(): string;
  setValue(text: string): void;
}
declare const __MONACO: { editor: { getModels(): MonacoModel[] } };

/** The GraphiQL page in a real browser, used as a person uses it. Close the browser when done. */
export class GraphiQLPage {
  readonly page: Page;
  /** URLs that the page asked for on any host but its own; should stay empty. */
  readonly foreignRequests: string[] = [];
  /** Uncaught exceptions and console errors, a refusal by the Content-Security-Policy among them; should stay empty. */
  readonly problems: string[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page at `url` as on a first visit, and waits until its schema has arrived. */
  static async open(browser: Browser, url: string): Promise<GraphiQLPage> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(TIMEOUT_MS);
    const graphiql = new GraphiQLPage(await context.newPage());
    graphiql.#watch(new URL(url).host);
    await graphiql.page.goto(url);
    // Only a schema lets the documentation list the root types.
    await graphiql.showPlugin('Documentation Explorer');
    await graphiql.page.locator('.graphiql-doc-explorer-content a', { hasText: 'Query' }).first().waitFor();
    return graphiql;
  }

  #watch(host: string): void {
    const checkHost = (url: string) => {
      if (/^(https?|wss?):/.test(url) && new URL(url).host !== host) this.foreignRequests.push(url);
    };
    this.page.context().on('request', (request) => checkHost(request.url()));
    this.page.on('websocket', (socket) => checkHost(socket.url()));
    this.page.on('pageerror', (error) => this.problems.push(String(error)));
    this.page.on('console', (message) => {
      const { url } = message.location();
      // The browser reports a trace that has not arrived yet; the page asks again.
      const tooEarly = url.includes('/traces/') && message.text().includes('404');
      if (message.type() === 'error' && !tooEarly) this.problems.push(`${message.text()} (${url})`);
    });
  }

  /** Opens a panel on the left by its title: Documentation Explorer, History, GraphiQL Explorer or Trace. */
  async showPlugin(title: string): Promise<void> {
    const show = this.page.getByRole('button', { name: `Show ${title}` });
    await show.or(this.page.getByRole('button', { name: `Hide ${title}` })).waitFor();
    if (await show.isVisible()) await show.click();
  }

  /**
   * Puts `document`, which holds one named operation, into the editors and presses Execute. A subscription runs until
   * stop().
   */
  async run(
    document: string,
    { variables, headers }: { variables?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ): Promise<void> {
    const name = /(?:query|mutation|subscription)\s+(\w+)/.exec(document)?.[1];
    if (!name) throw new Error('GraphiQLPage.run needs a named operation.');
    await this.#fill({
      'operation.graphql': document,
      'variables.json': JSON.stringify(variables ?? {}),
      'request-headers.json': JSON.stringify(headers ?? {}),
    });
    // The tab takes the operation's name once GraphiQL has read the new document; pressed earlier, it runs the old one.
    await this.page.locator(`[role=tab][aria-selected=true] [title="${name}"]`).waitFor();
    await this.page.getByRole('button', { name: /^Execute query/ }).click();
  }

  /** Waits for an answer that `accept` accepts, any by default; of a subscription, the latest event counts. */
  async result<Result>(accept: (result: Result) => boolean = () => true): Promise<Result> {
    const deadline = Date.now() + TIMEOUT_MS;
    let previous = '';
    while (Date.now() < deadline) {
      const text = await this.#changedAnswer(previous, deadline - Date.now());
      const result = JSON.parse(text) as Result;
      if (accept(result)) return result;
      previous = text;
    }
    throw new Error(`GraphiQL shows another answer than the one waited for: ${previous}`);
  }

  /** Ends the running subscription. */
  async stop(): Promise<void> {
    await this.page.getByRole('button', { name: /^Stop query/ }).click();
    await this.page.getByRole('button', { name: /^Execute query/ }).waitFor();
  }

  async #fill(editors: Editors): Promise<void> {
    await this.page.waitForFunction(
      (count) => typeof __MONACO !== 'undefined' && __MONACO.editor.getModels().length >= count,
      Object.keys(editors).length,
    );
    await this.page.evaluate((contents) => {
      for (const model of __MONACO.editor.getModels()) {
        for (const [file, text] of Object.entries(contents)) {
          if (model.uri.path.endsWith(file)) model.setValue(text);
        }
      }
    }, editors);
  }

  async #changedAnswer(previous: string, timeout: number): Promise<string> {
    const handle = await this.page.waitForFunction(
      (before) => {
        const model = __MONACO.editor.getModels().find(({ uri }) => uri.path.endsWith('response.json'));
        const text = model?.getValue() ?? '';
        return text !== '' && text !== before ? text : false;
      },
      previous,
      { timeout },
    );
    return String(await handle.jsonValue());
  }
}
