import { forBoth, type Locale } from './table.js';

export const en: Locale = {
  comma: ', ',
  or: ' or ',
  words: {
    text: 'text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'yes or no',
    list: 'a list',
    object: 'an object',
    time: 'a time',
    moment: 'a time',
    null: 'nothing',
    any: 'anything',
    input: 'input',
    output: 'output',
    inputs: 'input ports',
    outputs: 'output ports',
    fields: 'field types',
    mode: 'stream mode',
    lint: 'own rules',
    upgrade: 'upgrade step',
  },
  sentences: {
    // Text and size
    JSON_SYNTAX: 'This is not valid JSON: "{found}" is not expected at line {line}, column {column}.',
    'JSON_SYNTAX.end':
      'The JSON ends too early, at line {line}, column {column}. A closing bracket or quote is missing.',
    'JSON_SYNTAX.trailing-comma':
      'There is a comma too many before line {line}, column {column}. Remove the last comma.',
    'JSON_SYNTAX.quotes': 'JSON texts stand in double quotes. Replace {found} at line {line}, column {column}.',
    'JSON_SYNTAX.comment': 'JSON has no comments. Remove the one at line {line}, column {column}.',
    'JSON_SYNTAX.key': 'A field name in double quotes is expected at line {line}, column {column}, not "{found}".',
    'JSON_SYNTAX.colon': 'A colon is expected at line {line}, column {column}, not "{found}".',
    'JSON_SYNTAX.comma': 'A comma or a closing bracket is expected at line {line}, column {column}, not "{found}".',
    'JSON_SYNTAX.control':
      'A text holds a raw line break or tab at line {line}, column {column}. Write it as \\n or \\t.',
    'JSON_SYNTAX.unterminated':
      'The text that begins at line {line}, column {column} is not closed. Add its double quote.',
    'JSON_SYNTAX.escape':
      'A backslash at line {line}, column {column} begins no known escape. Write \\\\ for a backslash.',
    'JSON_SYNTAX.after-end': 'The document ends before line {line}, column {column}. Remove what follows.',
    DOCUMENT_TOO_LARGE:
      'The document is larger than 1 MiB ({bytes} bytes). Split the workflow or move large texts into files.',
    DOCUMENT_NOT_OBJECT: 'A graph is a JSON object with schema, name, nodes and edges.',
    TOO_DEEP: 'Objects and lists are nested more than {limit} levels deep. Flatten them.',
    TOO_MANY_KEYS:
      'There are more than {limit} fields here. Move large tables into a file and read them with a source.',
    TOO_MANY_ITEMS:
      'The lists hold more than {limit} items. Move large tables into a file and read them with a source.',
    TOO_MANY_NODES: 'The graph has {count} nodes; {limit} are allowed. Split it into several workflows.',
    TOO_MANY_EDGES: 'The graph has {count} edges; {limit} are allowed. Split it into several workflows.',
    KEY_TOO_LONG: 'A field name is longer than {limit} characters. Shorten it.',
    KEY_FORBIDDEN: 'The field name "{key}" is not allowed. Choose another name.',
    KEY_DUPLICATE: 'The field "{key}" is given twice at line {line}, column {column}. Keep one of them.',
    NUMBER_NOT_FINITE: 'A number is too large or not a number. Enter an ordinary number.',
    NUMBER_INEXACT:
      'The number {number} at line {line}, column {column} would lose digits. Write it as text in quotes.',
    NOT_JSON: 'This value cannot be written as JSON. Use text, numbers, true, false, null, lists and objects.',
    FINDINGS_CUT: 'There are more than {limit} problems. Mend these first; the others show then.',
    // Format version
    SCHEMA_MISSING: 'The document does not say its format. Add "schema": {current}.',
    SCHEMA_INVALID: 'The format version must be a whole number. This version of Millrace writes "schema": {current}.',
    SCHEMA_NEWER:
      'The document was written by a newer Millrace (format {schema}; this one knows {current}). Update Millrace to open it.',
    // Shape of the document and of configs
    ...forBoth({
      MISSING: '"{property}" is missing[ ({title})]. Fill it in.',
      UNKNOWN: 'There is no setting "{property}" here.[ Did you mean "{suggestion}"?]',
      TYPE: 'This must be {expected}, not {actual}.',
      ENUM: '[{value} is not possible here. ]Choose one of: {allowed}.[ Did you mean {suggestion}?]',
      RANGE:
        'The value[ {value}] is out of range:[ at least {minimum};][ more than {exclusiveMinimum};][ at most {maximum};][ less than {exclusiveMaximum};] enter a value within it.',
      MULTIPLE: 'The value[ {value}] must be a multiple of {multipleOf}.',
      LENGTH:
        'The text has {length} characters;[ at least {minLength} are needed;][ at most {maxLength} are allowed;] change it accordingly.',
      ITEMS:
        'There are {count} entries;[ at least {minItems} are needed;][ at most {maxItems} are allowed;] add or remove some.',
      PATTERN: '[{value} ]does not have the expected form.[ {description}] It must match {pattern}.',
      FORMAT: '[{value} ]is no valid {format}. Correct it.',
      DUPLICATE: 'Entries {first} and {second} are the same (counted from 0). Remove one.',
      DURATION: '[{value} ]is not a span of time. Write a number with ms, s, min, h or d, such as 5 min.',
      SHAPE: 'The value has none of the forms that are possible here. Compare it with an example of the operator.',
    }),
    // Nodes
    NODE_ID_DUPLICATE: 'Two nodes have the id "{id}". Give one of them another id.',
    NODE_ID_RESERVED: 'A node cannot be called "{id}": the name is reserved. Choose another id.',
    NODE_OUTPUT_UNUSED:
      'Nothing is linked to the output of "{node}", so its results go nowhere. Link it to a sink, or remove the node.',
    NODE_UNREACHABLE: 'No source leads to "{node}". Link one to it, or remove the node.',
    OPERATOR_UNKNOWN:
      'There is no operator "{operator}".[ Did you mean "{suggestion}"?] If it belongs to a plugin, load the plugin.',
    OPERATOR_VERSION:
      'The node was made with version {version} of {operator}; version {current} is installed. Update Millrace or the plugin.',
    OPERATOR_UPGRADE_MISSING:
      '{operator} cannot bring a config of version {version} to version {current}. Set the node up again, or install the older version.',
    OPERATOR_SCHEMA_INVALID:
      'The operator {operator} declares a config that cannot be checked: {reason}. Tell its author.',
    OPERATOR_CHECK_FAILED:
      'The operator {operator} failed while it was asked for its {what}: {reason}. Tell its author.',
    PARALLELISM_SINGLE: '{title} runs as a single task; the parallelism {parallelism} has no effect. Set it to 1.',
    TIMEZONE_UNKNOWN: 'There is no time zone "{zone}". Use a name such as Europe/Berlin, Asia/Shanghai or UTC.',
    // Connections
    CONNECTION_UNKNOWN:
      'There is no connection named "{connection}". Choose another one, or create it under Connections.',
    CONNECTION_KIND:
      '"{connection}" is a connection to {other}, and this node needs one to {kind}. Choose another one.',
    CONNECTION_INLINE:
      'An address is written into the graph. Keep it under Connections and choose it by its name, so that its secrets stay encrypted.',
    // Edges and ports
    EDGE_SOURCE_UNKNOWN:
      'The edge begins at "{id}", and there is no such node.[ Did you mean "{suggestion}"?] Link it anew or remove it.',
    EDGE_TARGET_UNKNOWN:
      'The edge ends at "{id}", and there is no such node.[ Did you mean "{suggestion}"?] Link it anew or remove it.',
    EDGE_ID_DUPLICATE: 'Two edges have the id "{id}". Give one of them another id.',
    EDGE_DUPLICATE:
      '"{source}" ({sourceHandle}) and "{target}" ({targetHandle}) are linked twice. Remove one of the two edges.',
    EDGE_INTO_SOURCE: '"{node}" is a source and takes no input. Remove the edge.',
    EDGE_OUT_OF_SINK: '"{node}" is a sink and has no output. Link what comes before it instead.',
    PORT_UNKNOWN: '"{node}" has no {end} "{port}". It has: {ports}.[ Did you mean "{suggestion}"?]',
    PORT_NOT_LINKED: 'Nothing is linked to the input "{title}" of "{node}". Draw an edge to it.',
    PORT_TAKEN:
      'The input "{port}" of "{node}" is already linked to "{first}". Merge "{first}" and "{second}" with a union before it.',
    PORT_KIND_MISMATCH:
      '"{target}" expects {expected} records, and "{source}" sends {actual} records. Check that the right nodes are linked.',
    MODE_MISMATCH:
      '{title} needs a stream of facts, and "{source}" sends updates (one row for each {key}). Link a node before the updates begin, aggregate per window instead, or use an operator that takes updates.',
    // The graph as a whole
    GRAPH_EMPTY: 'The graph has no nodes. Begin with a source.',
    GRAPH_NO_SOURCE: 'The graph has no source, so no record would ever enter it. Add one.',
    GRAPH_CYCLE: 'The links run in a circle: {path}. Remove one of them.',
    AMPLIFICATION:
      '{paths} ways lead from the sources to "{node}"; {limit} are allowed. Each record would be copied along every one of them. Remove links that split and merge again.',
    // Expressions
    FIELD_UNKNOWN: 'There is no field "{field}".[ Did you mean {suggestion}?]',
    'FIELD_UNKNOWN.quoted': 'There is no field "{field}". To compare with the text, write it in quotes: {suggestion}.',
    EXPRESSION_EMPTY: "The expression is empty. Write one, such as status == 'paid'.",
    EXPRESSION_SYNTAX: '"{found}" is not expected at character {at}.',
    'EXPRESSION_SYNTAX.single-equals': 'One = at character {at} does not compare. Write ==.',
    'EXPRESSION_SYNTAX.single-and': 'One & at character {at} is no operator. Write && for "and".',
    'EXPRESSION_SYNTAX.single-or': 'One | at character {at} is no operator. Write || for "or".',
    'EXPRESSION_SYNTAX.word-operator': '"{found}" at character {at} is no operator. Write {suggestion}.',
    'EXPRESSION_SYNTAX.typographic': '"{found}" at character {at} is not the plain character. Write {suggestion}.',
    'EXPRESSION_SYNTAX.unterminated': 'The text that begins at character {at} is not closed. Add its closing quote.',
    'EXPRESSION_SYNTAX.unexpected-end': 'The expression ends too early. A value or a closing bracket is missing.',
    'EXPRESSION_SYNTAX.reserved':
      '"{found}" is a word of the language. A field of that name is written {suggestion}, in backticks.',
    'EXPRESSION_SYNTAX.number': '"{found}" at character {at} is no number. Write numbers like 12 or 12.5.',
    'EXPRESSION_SYNTAX.escape': 'A backslash at character {at} begins no known escape. Write \\\\ for a backslash.',
    'EXPRESSION_SYNTAX.macro': 'The loop at character {at} needs a name first, as in items.exists(item, item.qty > 1).',
    'EXPRESSION_SYNTAX.literal':
      'Bytes and unsigned numbers (character {at}) are not part of the language. Write a text or a plain number.',
    EXPRESSION_TOO_LONG:
      'The expression has {length} characters; {limit} are allowed. Compute a part in a node before.',
    EXPRESSION_TOO_DEEP: 'The expression is nested too deeply. Compute a part in a node before.',
    EXPRESSION_NAME_FORBIDDEN:
      'The name "{name}" cannot be used in an expression. Rename the field where it comes from.',
    EXPRESSION_NUMBER:
      'The number[ {number}] is too large to be exact. Write it as text in quotes, or use decimal("…").',
    EXPRESSION_FUNCTION_UNKNOWN: 'There is no function "{function}".[ Did you mean {suggestion}?]',
    EXPRESSION_ARGUMENTS: '{function} is called with {count} values. Write it as {signature}.',
    EXPRESSION_ARGUMENT: 'A value of {function} at character {at} is not possible; {expected} is expected.',
    EXPRESSION_PATTERN:
      'The pattern at character {at} cannot be used: {problem}. Patterns follow RE2: no look-ahead, no back-references.',
    'EXPRESSION_PATTERN.computed':
      'The pattern at character {at} must be a text in quotes. For texts from the record use contains or split.',
    EXPRESSION_TYPE:
      '"{operator}" cannot be used with {left} and {right} (character {at}). Bring both sides to one kind, with number(…) or text(…).',
    'EXPRESSION_TYPE.in':
      '"in" looks into a list or an object (character {at}). For a text within a text write contains(whole, part).',
    'EXPRESSION_TYPE.unordered':
      '"{operator}" needs values with an order, such as numbers or texts (character {at}), and this is {left}. Use size(…) or one of its fields.',
    'EXPRESSION_TYPE.operand':
      '"{operator}" needs {expected} at character {at}, and this is {actual}. Convert it, or use another field.',
    EXPRESSION_RETURNS: 'The expression must answer with {expected}, and this one gives {actual}.',
    EXPRESSION_NO_FIELDS: '"{name}" is read from {actual}, which has no fields. Remove the last step.',
    'EXPRESSION_NO_FIELDS.list':
      '"{name}" is read from a list. Say which item, as in items⟦0⟧.{name}, or loop, as in items.map(item, item.{name}).',
    EXPRESSION_INDEX:
      'At character {at} {target} is read with {index}. Lists are read by number (from 0), objects by name.',
    EXPRESSION_MAP_KEY: 'The names of an object at character {at} must be texts in quotes.',
    EXPRESSION_DIVISION_BY_ZERO:
      'Division by zero at character {at}. Test the divisor first: total == 0 ? 0 : part / total.',
    EXPRESSION_OVERFLOW:
      'The result of "{operator}" at character {at} is too large for a number. Check the values that come in.',
    EXPRESSION_LIMIT: 'The expression takes too much work for one record. Make its lists or texts smaller.',
    PATH_OUTSIDE_ROOT:
      '"{path}" lies outside of the folders for files: {roots}. Put the file there, or open its folder with FILE_ROOTS when the server is started.',
    EXPRESSION_NOT_A_NUMBER:
      'At character {at} the text of a record is not a number. Numbers look like 12.50; remove currency signs first.',
    EXPRESSION_NOT_A_TIME:
      'At character {at} the value is not a time. Times look like 2024-05-01T12:00:00Z, or are milliseconds since 1970.',
  },
};
