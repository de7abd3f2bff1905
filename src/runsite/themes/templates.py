"""Templates, compiled once: strict, always escaped, and kept from build to build."""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # jinja2 takes 0.06 s to import; an up-to-date build and `--help` never need it
    import jinja2

_SPECIAL = re.compile("[&<>\"']")
# The name stands in quotes; without one it is worked out when the page is printed.
_REFERENCE = re.compile(r"""\{%[-+]?\s*(extends|include|import|from)\s+(?:["']([^"']+)["'])?""")


class CompiledTemplates(Protocol):
    """Where compiled templates are kept from build to build: compiling those of a run's page costs as 100 pages do."""

    def get(self, key: str) -> bytes | None: ...
    def put(self, key: str, content: bytes) -> None: ...


def environment(folders: tuple[Path, ...], compiled: CompiledTemplates | None) -> "jinja2.Environment":
    """Make the environment in which templates of some folders are compiled, the nearest first."""
    import jinja2  # heavy, see the top
    from jinja2.runtime import Context

    class Kept(jinja2.BytecodeCache):
        def load_bytecode(self, bucket: "jinja2.bccache.Bucket") -> None:
            content = None if compiled is None else compiled.get(bucket.key)
            if content is not None:
                bucket.bytecode_from_string(content)  # which checks that it is of this source and this Python

        def dump_bytecode(self, bucket: "jinja2.bccache.Bucket") -> None:
            if compiled is not None:
                compiled.put(bucket.key, bucket.bytecode_to_string())

    class PlainContext(Context):
        def call(self, callee: Any, /, *arguments: Any, **named: Any) -> Any:
            """Call a macro or `asset`; none of ours, and none of jinja2's, asks for the context."""
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
            return callee(*arguments, **named)

    class PlainEnvironment(jinja2.Environment):
        context_class = PlainContext

        def make_globals(self, d: Any) -> Any:
            """Hand out one dict: templates have no globals of their own, and a chain of dicts is slow."""
            return super().make_globals(d) if d else self.globals

    made = PlainEnvironment(
        loader=jinja2.FileSystemLoader([folder / "templates" for folder in folders]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,  # all of them: looking one up among the newest takes longer than in a dict, and pages have 11
        bytecode_cache=Kept(),
    )
    made.code_generator_class = _code_generator()
    made.globals["escape_text"] = escape_text
    return made


def _code_generator() -> "type[jinja2.compiler.CodeGenerator]":
    """Make the generator of templates that print through `escape_text`.

    A run's page prints 500 values. markupsafe 3 wraps each in an object of its own, which takes as long as all the
    rest of printing: with it 540 pages a second, without 1,000. jinja2's native templates hook in at the same place.
    """
    from jinja2.compiler import CodeGenerator  # heavy, see the top

    class EscapingGenerator(CodeGenerator):
        def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
            if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
                super()._output_child_pre(node, frame, finalize)
            else:
                self.write('environment.globals["escape_text"](')

    return EscapingGenerator


def escape_text(value: object) -> str:
    """Write a value so that it stands as text in HTML, in elements and in quoted attributes."""
    if type(value) is str:
        return value if _SPECIAL.search(value) is None else escape(value)
    printed = getattr(value, "__html__", None)
    return str(printed()) if printed is not None else escape(str(value))


def with_parts(name: str, texts: Mapping[str, str]) -> list[str]:
    """Name and text of a template and of all that it extends, includes and imports; of any, if that is worked out."""
    found = {name}
    ahead = [name]
    while ahead:
        for _, part in _REFERENCE.findall(texts.get(ahead.pop(), "")):
            named = {part} if part in texts else set() if part else set(texts)
            ahead += sorted(named - found)
            found |= named
    return [f"{each}\0{texts[each]}" for each in sorted(found)]
