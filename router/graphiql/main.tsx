import { explorerPlugin } from '@graphiql/plugin-explorer';
import '@graphiql/plugin-explorer/style.css';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createRoot } from 'react-dom/client';
import { EXAMPLES } from './examples.ts';
import { createFetcher } from './fetcher.ts';
import './style.css';
import { createTracePlugin } from './trace-plugin.tsx';
import { LastOperation } from './trace.ts';

const lastOperation = new LastOperation();
const fetcher = createFetcher(new URL('graphql', document.baseURI), (operation) => lastOperation.set(operation));
// GraphiQL compares plugins by identity: made once, not in a render.
const plugins = [HISTORY_PLUGIN, explorerPlugin(), createTracePlugin(lastOperation)];

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={plugins}
    defaultTabs={EXAMPLES}
    defaultQuery=""
    defaultEditorToolsVisibility="headers"
  >
    <GraphiQL.Logo>
      <span className="chorus-logo">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 6.5v3M8 2.5v11M13 5v6" />
        </svg>
        Chorus
      </span>
    </GraphiQL.Logo>
  </GraphiQL>,
);
