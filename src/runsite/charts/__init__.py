"""Charts of metrics: what is authored in Python, what reaches the browser, and how a page asks for them.

    series      a run's curves as data scripts, thinned honestly (imports numpy)
    thinning    which points of a series are drawn
    levels      the finer levels of a long series, loaded as a reader zooms in
    packing     columns of numbers as short texts
    relation_kinds  the charts that relate runs to each other, the same way (imports Altair)
    specs       each kind of chart as Altair authors it, compiled for Vega, and Vega itself (Altair only when needed)
    cards       what a page's template prints: cards, legend, and the island that the script reads
    sparkline   a curve as the path of an SVG, for tables

Import from these modules; this one stays empty, so that a page that prints cards needs neither numpy nor Altair.

In the browser, `charts.js` and its companions find `<section class="charts" data-chart-data="#id">`, load the data
scripts of the runs drawn when a card comes near the viewport, and draw each `figure.metric_chart` with Vega.
"""
