/** What a workflow has to know. */
export interface WorkflowFiles {
  readonly composeFile: string;
  readonly configFile: string;
}

/** The names under which Compose finds a file by itself. */
export const composeFileNames = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
] as const;

/** Under these names it puts another one upon it. */
export const overrideFileNames = [
  'compose.override.yaml',
  'compose.override.yml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
] as const;

/** A workflow for GitHub Actions: the services are started, a baseline is run, then the scenario that is held against it. */
export function workflowText({ composeFile, configFile }: WorkflowFiles): string {
  const isFound = composeFileNames.some((name) => name === composeFile);
  const compose = isFound ? 'docker compose' : `docker compose -f ${shellWord(composeFile)}`;
  const config = configFile === 'config.yaml' ? '' : ` --config ${shellWord(configFile)}`;
  return `# Runs a scenario against the services of this repository, and passes or fails by its gates.
# orch is expected among the devDependencies of package.json.
name: chaos

on:
  pull_request:
  workflow_dispatch:

permissions:
  contents: read
  pull-requests: write

jobs:
  chaos:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24
          cache: npm
      - run: npm ci
      - name: Start the services
        run: ${compose} up -d --build --wait
      - name: Baseline
        run: npx orch run --scenario baseline --run-id baseline${config}
      - name: Failure, and its gates
        run: >-
          npx orch run --scenario first_failure --run-id failure --baseline baseline${config}
          --junit junit.xml --markdown gates.md
      - name: Report
        if: always() && hashFiles('runs/failure/manifest.json') != ''
        run: npx orch report --run failure --baseline baseline${config}
      - name: Comment on the pull request
        # What comes from a fork may not write here.
        if: >-
          always() && hashFiles('gates.md') != ''
          && github.event.pull_request.head.repo.full_name == github.repository
        env:
          GH_TOKEN: \${{ github.token }}
          PULL_REQUEST: \${{ github.event.pull_request.number }}
        run: gh pr comment "$PULL_REQUEST" --body-file gates.md --edit-last --create-if-none
      - name: What the services said
        if: failure()
        run: ${compose} logs --tail 200
      - name: Keep the runs
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: orch
          path: |
            runs/
            junit.xml
`;
}

/** A path as one word of a shell, and as plain text of YAML. */
function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
