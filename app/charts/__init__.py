"""Charts: figures to lines and dots, on the page and as a file of their own.

A module a chart: it turns an answer into shapes (places in the drawing, texts) and says in words
what the drawing shows. A template of the same name in ``templates/charts`` draws the shapes. The
same drawing stands on the page, coloured by ``static/css/charts.css``, and in a file that can be
taken along, with the colours of ``styles``. Every chart has its table beside it.
"""
