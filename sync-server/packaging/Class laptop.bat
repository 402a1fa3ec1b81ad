@echo off
rem Windows: double-click to start the class laptop.
title Class laptop
node "%~dp0start.mjs"
if errorlevel 1 pause
