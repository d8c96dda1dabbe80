"""Names that somebody might give a customer, a file or a company to run code in the pages that show them.

Each that could run calls `__run()`, which the pages under test define and which nothing of ours calls.
"""

from __future__ import annotations

PAYLOADS = (
    # Elements that run by themselves.
    "<script>__run()</script>",
    "<ScRiPt >__run()</sCrIpT >",
    "<script src=data:text/javascript,__run()></script>",
    "<script type=module>__run()</script>",
    "</script><script>__run()</script>",
    "<img src=x onerror=__run()>",
    "<img/src=`x`onerror=__run()>",
    "<svg onload=__run()>",
    "<svg/onload=&#95;&#95;run&#40;&#41;>",
    "<svg><script>__run()</script></svg>",
    "<svg><animate onbegin=__run() attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.__run()</script>'>",
    "<iframe src=javascript:parent.__run()>",
    "<body onload=__run()>",
    "<input autofocus onfocus=__run()>",
    "<details open ontoggle=__run()>",
    "<video><source onerror=__run()></video>",
    "<object data=javascript:__run()>",
    "<embed src=javascript:__run()>",
    "<form action=javascript:__run()><button autofocus>",
    "<meta http-equiv=refresh content='0;url=javascript:__run()'>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{background:url(//evil.example)}</style>",
    # Ways out of an attribute, a comment, a text field, a title.
    '" onmouseover="__run()" autofocus onfocus="__run()" x="',
    "' onfocus='__run()' autofocus tabindex=1 x='",
    '"><img src=x onerror=__run()>',
    "'><svg onload=__run()>",
    "--><img src=x onerror=__run()>",
    "</textarea><img src=x onerror=__run()>",
    "</title><script>__run()</script>",
    "]]><img src=x onerror=__run()>",
    # What a repaired or re-read text becomes.
    "<noscript><p title='</noscript><img src=x onerror=__run()>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=__run()>",
    "<svg></p><style><a id='</style><img src=x onerror=__run()>'>",
    "&lt;img src=x onerror=__run()&gt;",
    "&amp;lt;script&amp;gt;__run()&amp;lt;/script&amp;gt;",
    "%3Cscript%3E__run()%3C/script%3E",
    "\\u003cimg src=x onerror=__run()\\u003e",
    "＜script＞__run()＜/script＞",
    # Addresses, templates, data between program and page.
    "javascript:__run()",
    "JaVaScRiPt:__run()//https://app.kashflow.com",
    "data:text/html,<script>__run()</script>",
    "{{7*7}}{{constructor.constructor('__run()')()}}",
    "{% include '/etc/passwd' %}${__run()}#{7*7}",
    '"},{"line":"<img src=x onerror=__run()>","x":"',
    "'-__run()-'",
    '";__run();//',
    "`${__run()}`",
    # Text that reads otherwise than it is.
    "Rosewood \u202etxt.exe\u202c Ltd <b>",
    "Zero\u200bwidth \u2066isolated\u2069 <i>Ltd</i>",
)
