// what the vendor documents for embedding; it is fetched by the browser, so it needs the internet
const SANDBOX_SCRIPT =
  'https://embeddable-sandbox.cdn.apollographql.com/_latest/embeddable-sandbox.umd.production.min.js'

/** Apollo Sandbox with `document` open, or GraphiQL when its script cannot be loaded within 4 s. */
export const sandboxPage = (document: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Cinegraph</title>
    <link rel="icon" href="data:," />
    <style>html, body, #sandbox { margin: 0; width: 100%; height: 100%; } iframe { border: 0 }</style>
  </head>
  <body>
    <div id="sandbox"></div>
    <script>
      const offline = () => location.replace('/graphql?explorer=graphiql');
      const patience = setTimeout(offline, 4000);
      const script = document.createElement('script');
      script.src = ${JSON.stringify(SANDBOX_SCRIPT)};
      script.onerror = offline;
      script.onload = () => {
        clearTimeout(patience);
        new window.EmbeddedSandbox({
          target: '#sandbox',
          initialEndpoint: location.origin + '/graphql',
          initialState: { document: ${inScript(document)} },
          runTelemetry: false,
        });
      };
      document.head.append(script);
    </script>
  </body>
</html>`

/** A string literal that cannot end the script it stands in. */
const inScript = (text: string): string => JSON.stringify(text).replaceAll('<', '\\u003c')
